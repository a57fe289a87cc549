//! `ListSSHPublicKeys`: none.

super::nothing!(ListSSHPublicKeys, ssh_public_keys, "SSHPublicKeys");
