// libpq's things, owned.
#pragma once

#include <libpq-fe.h>

#include <memory>

namespace migrate::db {

struct PqFree {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
  void operator()(char* text) const { PQfreemem(text); }
};

using PqConnection = std::unique_ptr<PGconn, PqFree>;
using PqResult = std::unique_ptr<PGresult, PqFree>;
using PqCancel = std::unique_ptr<PGcancel, PqFree>;
using PqOptions = std::unique_ptr<PQconninfoOption, PqFree>;
using PqText = std::unique_ptr<char, PqFree>;

}  // namespace migrate::db
