//! COSE_Sign1 (RFC 9052), as much of it as the house uses.
