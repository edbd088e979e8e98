// Carries a precompiled header; has nothing of its own.
