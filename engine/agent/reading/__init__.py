"""From the text of an agent file to the model, with the place of everything that is wrong."""
