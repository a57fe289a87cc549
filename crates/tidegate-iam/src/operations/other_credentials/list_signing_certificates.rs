//! `ListSigningCertificates`: none.

super::nothing!(ListSigningCertificates, "Certificates");
