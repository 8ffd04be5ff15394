"""What the outbox posts of a question, made from what the database says at the moment of posting."""
