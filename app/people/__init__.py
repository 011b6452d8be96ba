"""Who may use the page: passwords, providers, what lasts of a sign-in, and who sees what."""
