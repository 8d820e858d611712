//! Who signs the requests to ЕСИА.
