//! `ListSigningCertificates`: none.

super::nothing!(ListSigningCertificates, certificates);
