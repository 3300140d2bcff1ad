//! Bytes to layers and back. Never opens a file itself.
