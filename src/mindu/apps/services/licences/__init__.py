"""Electronic licences 电子证照: one signed record, three faces: credential, file and page."""
