"""What every part needs: words, stems, vectors, sentences, conversational acts, things found in what was said."""
