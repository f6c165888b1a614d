"""The bot: what people write to it on Telegram, understood, done by the use cases, and answered (SPEC 10)."""
