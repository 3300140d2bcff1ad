//! How is this water, and who answers for it? Quality, duty, network, targets.
