//! ГОСТ Р 34.10-2012 with 256-bit keys, Streebog, and certificates.
