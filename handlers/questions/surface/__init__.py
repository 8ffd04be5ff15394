"""The listeners of Slack: commands, dialogs, buttons and shortcuts, each with its door."""
