//! What the person is doing; no toolkit.
