// Exists so that precompiled.hpp has a target to be compiled for.
