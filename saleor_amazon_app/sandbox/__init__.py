"""A simulated Amazon and a simulated Saleor, for the demo, the tests and integrators.

Both speak HTTP like the real systems and share no code with the app, so that a misreading in the
app cannot hide in its own test double. What they accept, refuse, delay or lose is what the real
system was seen or documented to do; each rule names its source where it stands.
"""
