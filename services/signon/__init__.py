"""Single sign-on: what is asked of the operator's issuer, and a sign-in that is under way in a browser."""
