"""The public site `/disclosure/`: what branches disclose to society, to be read without an account, a script or a cookie."""
