"""The one table of keys: it draws the key line, the help, the cheat sheet and the docs, and takes the user's own keys.

A widget or screen takes the rows it acts on: `BINDINGS = [*bindings("why", "again")]`. Letters act only outside text
fields, since a text field keeps what can be typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True)
class Key:
    """One row of the table.

    Attributes:
        id: What the user's `keys.yaml` calls it.
        keys: The keys, as Textual names them, joined by commas.
        action: The action they run.
        label: The word in the key line.
        help: What it does, as a sentence without a full stop.
        shown: Whether the key line shows it.
        everywhere: Whether it acts inside text fields, too.
    """

    id: str
    keys: str
    action: str
    label: str
    help: str
    shown: bool = False
    everywhere: bool = False


REPLY_KEYS = ",".join(f"alt+{number}" for number in range(1, 10))
"""One key for each reply that an agent may offer."""

GROUPS: dict[str, tuple[Key, ...]] = {
    "Everywhere": (
        Key("help", "f1,question_mark", "help", "Help", "Help for what has the focus; again: all keys", False),
        Key("home", "f2", "go('home')", "Home", "Workspaces, sessions, the last run, problems", everywhere=True),
        Key("author", "f3", "go('author')", "Author", "Everything the agent is made of", everywhere=True),
        Key("journeys", "f4", "go('journeys')", "Journeys", "The journeys, state by state", everywhere=True),
        Key("map", "f5", "go('map')", "Map", "The relationships around one thing", everywhere=True),
        Key("simulate", "f6", "go('simulate')", "Simulate", "Talk to the agent and see why", everywhere=True),
        Key("scenarios", "f7", "go('scenarios')", "Scenarios", "Replay conversations", everywhere=True),
        Key("inspector", "f8", "toggle_side", "Pane", "Show or hide the pane on the right", True, everywhere=True),
        Key("editor", "f9", "edit_file", "Edit", "Open this thing's place in $EDITOR", everywhere=True),
        Key("zoom", "f10", "zoom", "Zoom", "Give the whole screen to this pane, and take it back", everywhere=True),
        Key("palette", "ctrl+p", "command_palette", "Palette", "Find a command or a thing by name", True, True),
        Key("jump", "ctrl+g", "jump", "Jump", "A letter on every pane: press it to go there", everywhere=True),
        Key("undo", "ctrl+z", "undo", "Undo", "Take the last change back"),
        Key("redo", "ctrl+y", "redo", "Redo", "Do what was taken back once more"),
        Key("back", "alt+left", "back", "Back", "Where you were before", everywhere=True),
        Key("forward", "alt+right", "forward", "Forward", "Where you came back from", everywhere=True),
        Key("quit", "ctrl+q", "quit", "Quit", "Leave; everything is saved already", everywhere=True),
    ),
    "Panes": (
        Key("zoom_letter", "z", "zoom", "Zoom", "Give the whole screen to this pane, and take it back"),
        Key("narrower", "less_than_sign", "move_split(-4)", "Narrower", "Make the left pane narrower"),
        Key("wider", "greater_than_sign", "move_split(4)", "Wider", "Make the left pane wider"),
    ),
    "Lists": (
        Key("down", "down,j", "cursor_down", "Down", "The next row"),
        Key("up", "up,k", "cursor_up", "Up", "The row before"),
        Key("top", "home,g", "first", "Top", "The first row"),
        Key("bottom", "end,G", "last", "Bottom", "The last row"),
        Key("open", "enter,l", "select", "Open", "Open this row", True),
        Key("filter", "slash", "filter", "Filter", "Show only rows with these words", True),
        Key("leave_filter", "escape", "leave_filter", "Back", "Leave the filter; show all rows again"),
        Key("why", "w", "why", "Why", "Why, or why not", True),
        Key("copy", "y", "copy", "Copy", "Copy this as text"),
        Key("copy_mermaid", "m", "copy_mermaid", "Mermaid", "Copy this journey as a Mermaid diagram"),
        Key("new", "n", "new", "New", "Make a new one"),
        Key("delete", "d", "delete", "Delete", "Remove this one; ^z brings it back"),
        Key("rename", "e", "rename", "Rename", "Give this another name"),
        Key("view", "v", "switch_view", "View", "The other view of this: the YAML, or the outline", True),
        Key("fold", "space", "fold", "Fold", "Fold or unfold this row"),
        Key("try", "t", "try_it", "Try", "Try this in a chat", True),
        Key("follow", "r", "relations", "Relations", "Show this on the map", True),
    ),
    "Map": (
        Key("farther", "plus,equals_sign", "hops(1)", "Farther", "Show what is one step farther away, too", True),
        Key("nearer", "minus", "hops(-1)", "Nearer", "Show one step less", True),
    ),
    "Canvas": (
        Key("chat_here", "enter", "chat_here", "Chat here", "Start a chat at this state", True),
        Key("beside_left", "left,h", "cursor_left", "Left", "The state to the left"),
        Key("beside_right", "right,l", "cursor_right", "Right", "The state to the right"),
        Key("search", "slash", "search", "Search", "Find the states with these words", True),
        Key("found_next", "right_square_bracket", "found(1)", "Next", "The next state that was found"),
        Key("found_before", "left_square_bracket", "found(-1)", "Before", "The state found before this one"),
        Key("smaller", "minus", "zoom_drawing(1)", "Smaller", "Say less of each state, to see more of them", True),
        Key("larger", "plus,equals_sign", "zoom_drawing(-1)", "Larger", "Say more of each state"),
        Key("every_word", "0", "every_word", "Full", "Say every word of each state"),
    ),
    "Simulate": (
        Key("send", "enter", "send", "Send", "Say this as the customer", True),
        Key("newline", "ctrl+j,shift+enter", "newline", "New line", "Begin a new line in the message"),
        Key("earlier", "up", "earlier", "Earlier", "What you said before"),
        Key("later", "down", "later", "Later", "What you said after that"),
        Key("turn_up", "alt+up,ctrl+up", "turn(-1)", "Turn ↑", "Select the turn before", True, everywhere=True),
        Key("turn_down", "alt+down,ctrl+down", "turn(1)", "Turn ↓", "Select the turn after", everywhere=True),
        Key("sessions", "ctrl+o", "sessions", "Sessions", "Go on with another session, or begin one", True, True),
        Key("again", "ctrl+r", "again", "Again", "Run this again", True, True),
        Key("setup", "ctrl+l", "setup", "Setup", "Customer, variables, mode, reasoner", True, True),
        Key("trigger", "ctrl+t", "trigger", "Trigger", "Have the agent speak without a message", everywhere=True),
        Key("take_over", "h", "take_over", "Take over", "Answer as a person, or give back to the agent"),
        Key(
            "reply",
            REPLY_KEYS,
            "reply",
            "Reply",
            "Say the reply offered under this number",
            everywhere=True,
        ),
        Key("copy_all", "Y", "copy_all", "Copy all", "Copy all of it: the conversation, the turn, the reasons"),
        Key("compose", "escape", "compose", "Back", "Back to what you were typing; there: stop the answer"),
    ),
    "Inspector": (
        Key("panel_left", "left_square_bracket", "panel(-1)", "Panel", "The panel before"),
        Key("panel_right", "right_square_bracket", "panel(1)", "Panel", "The next panel", True),
        Key("panel_matched", "1", "show_panel(0)", "Matched", "What matched, and what did not"),
        Key("panel_draft", "2", "show_panel(1)", "Draft", "The draft beside what was sent"),
        Key("panel_canned", "3", "show_panel(2)", "Canned", "The canned responses that competed"),
        Key("panel_journey", "4", "show_panel(3)", "Journey", "How the journeys moved"),
        Key("panel_trace", "5", "show_panel(4)", "Trace", "Every stage of the turn"),
        Key("reason_back", "backspace", "reason_back", "Back", "Back along the chain of reasons", True),
        Key("leave_sheet", "escape", "leave_sheet", "Back", "Back, and out of the sheet", everywhere=True),
        Key("to_author", "a", "to_author", "Author", "Show this thing in Author", True),
    ),
    "Scenarios": (
        Key("run_all", "a", "run_all", "All", "Run every case", True),
        Key("run_one", "x", "run_one", "Run", "Run this case or file", True),
        Key("run_failed", "f", "run_failed", "Failed", "Run again what did not pass", True),
        Key("watch", "W", "watch", "Watch", "Run again whenever a file changes, or stop that", True),
        Key("simulate_here", "o", "simulate_here", "Open", "Go on from this turn in Simulate"),
        Key("next_failure", "F", "next_failure", "Next", "The next case that did not pass"),
        Key("stop", "s", "stop", "Stop", "Stop the run"),
    ),
}
"""Every key there is, by where it acts."""

KEYS: dict[str, Key] = {key.id: key for keys in GROUPS.values() for key in keys}
"""Every key by its id."""


def bindings(*ids: str) -> Iterator[Binding]:
    """The bindings of some rows of the table.

    Args:
        *ids: Rows by id; the key line shows them in this order.
    """
    for name in ids:
        key = KEYS[name]
        yield Binding(key.keys, key.action, key.label, show=key.shown, priority=key.everywhere, id=key.id)


def group(name: str) -> Iterator[Binding]:
    """The bindings of a whole group of the table."""
    yield from bindings(*(key.id for key in GROUPS[name]))


def as_markdown() -> str:
    """The table as a page of documentation."""
    lines = ["# Every key", "", "Made from `studio/keys.py` by `make keys`. Letters act outside text fields."]
    lines += [
        "Put other keys in `cuecard/keys.yaml` of your configuration folder: `palette: ctrl+k`, `down: [j, ctrl+n]`."
    ]
    for name, keys in GROUPS.items():
        lines += ["", f"## {name}", "", "| id | keys | what it does |", "|---|---|---|"]
        for key in keys:
            written = " ".join(f"`{each}`" for each in key.keys.split(","))
            lines.append(f"| `{key.id}` | {written} | {key.help} |")
    return "\n".join(lines) + "\n"
