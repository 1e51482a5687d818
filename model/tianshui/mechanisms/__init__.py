"""One file a mechanism: the equation, its numbers with unit and source, its flows, its function."""
