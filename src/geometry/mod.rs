//! Numbers on the earth: reference systems, measures, overlay. Knows no product words.
