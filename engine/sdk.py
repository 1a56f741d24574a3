"""What the code of an agent imports: `from engine.sdk import ToolContext, ToolResult, tool`."""

from engine.turn.scene import EngineContext
from engine.turn.tool_api import ToolContext, ToolParameterOptions, ToolResult, tool

__all__ = ["EngineContext", "ToolContext", "ToolParameterOptions", "ToolResult", "tool"]
