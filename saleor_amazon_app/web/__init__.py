"""The Flask application: thin blueprints over the rest."""
