"""A simulated Amazon: Login with Amazon, Orders and Sellers APIs, and a control API beside them.

It exists because Amazon's own sandbox answers with fixed examples only: nothing can be ordered,
shipped, throttled or lost there. What this one accepts, refuses, delays or loses is what Amazon
documents or was seen to do; the sources stand with the rules.
"""
