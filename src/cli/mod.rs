//! The command-line face: arguments and exit codes.
