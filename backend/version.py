"""The version of this program, said by client and server at sign-in."""

VERSION = "0.1.0"
