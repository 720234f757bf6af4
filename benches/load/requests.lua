-- What wrk sends and counts. Reads its requests from a file, one a line, tab-separated: method, path,
-- token, body (the last two may be empty); each is sent once. Prints what happened as one JSON object.
-- wrk -s requests.lua URL -- FILE [requests per second, all connections together]
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } instant;
  int clock_gettime(int clock, instant *now);
]]

local moment = ffi.new("instant")
local function milliseconds()
  ffi.C.clock_gettime(1, moment) -- CLOCK_MONOTONIC
  return tonumber(moment.seconds) * 1e3 + tonumber(moment.nanoseconds) / 1e6
end

local threads = {}
function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  lines = io.lines(arguments[1])
  statuses = {}
  local rate = tonumber(arguments[2])
  if rate then
    local interval, due = 1e3 / rate, milliseconds()
    -- The schedule does not wait for answers: a slow one makes the next come at once.
    delay = function()
      due = due + interval
      return math.max(0, math.floor(due - milliseconds() + 0.5))
    end
  end
end

function request()
  local line = lines()
  -- Out of requests: one that is refused, so that the run is seen to be wrong.
  if not line then return wrk.format("GET", "/out-of-requests") end
  local method, path, token, body = line:match("^(%S+)\t([^\t]*)\t([^\t]*)\t(.*)$")
  local headers = {}
  if token ~= "" then headers["Authorization"] = "Bearer " .. token end
  if body ~= "" then headers["Content-Type"] = "application/json" end
  return wrk.format(method, path, headers, method ~= "GET" and body or nil)
end

function response(status)
  statuses[status] = (statuses[status] or 0) + 1
end

function done(summary, latency)
  local counts = {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do
      table.insert(counts, string.format('"%d":%d', status, count))
    end
  end
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"max":%d,"lost":%d,"statuses":{%s}}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    e.connect + e.read + e.write + e.timeout, table.concat(counts, ",")))
end
