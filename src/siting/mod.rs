//! May this be built here? Rules, check, verdict. Answers are data, never sentences.
