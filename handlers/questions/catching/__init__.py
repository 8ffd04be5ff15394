"""What is kept first and taken in a moment later, and what was written while the bot was away."""
