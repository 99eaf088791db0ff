"""Trains the encoder that reads facts and intents from messages. It needs PyTorch, which the product does not."""
