"""Signing in: passwords, second factors, sessions, tokens. Says who somebody is, never what they may."""
