//! `ListSSHPublicKeys`: none.

super::nothing!(ListSSHPublicKeys, "SSHPublicKeys");
