"""What people see and fill in, as pure functions of values: cards, letters, dialogs."""
