//! Makes test inputs: what WhatsApp does to media, broken files, huge folders.
