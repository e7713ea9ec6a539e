"""The shapes in which things are shown: what the JSON API answers, described once."""
