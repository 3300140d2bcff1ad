//! What the office knows: features, layers, themes, river-chief records.
