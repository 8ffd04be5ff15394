"""Who is here: members and channels, kept in step with Slack."""
