/// \file
/// What is done to the program at the n-th question that it asks the server.
#pragma once

#include <vector>

#include "kill/ground.hpp"

namespace migrate::kill {

using MakeMischief = Mischief (*)(Ground& ground, int question);

/// SIGKILL before the question leaves: the server never hears it.
Mischief kill_before(Ground& ground, int question);
/// SIGKILL when the server has it: it may be at work for a while with nobody there.
Mischief kill_within(Ground& ground, int question);
/// SIGKILL when the server has done all of it, and the program does not know.
Mischief kill_after(Ground& ground, int question);
/// The link breaks, the program lives.
Mischief cut_before(Ground& ground, int question);
Mischief cut_after(Ground& ground, int question);
/// SIGKILL, and the server goes on waiting until a second later or so.
Mischief strand(Ground& ground, int question);
Mischief send_sigint(Ground& ground, int question);
Mischief send_sigterm(Ground& ground, int question);

}  // namespace migrate::kill
