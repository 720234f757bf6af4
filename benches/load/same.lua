-- One request, again and again, at the price of no Lua call per request: for what is measured against
-- the cost of an empty handler. Its counts of statuses come from wrk (those over 399) and from the
-- server's own measures. wrk -s same.lua URL -- [If-None-Match]
function init(arguments)
  if arguments[1] then wrk.headers["If-None-Match"] = arguments[1] end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"max":%d,"lost":%d,"statuses":{"400":%d}}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    e.connect + e.read + e.write + e.timeout, e.status))
end
