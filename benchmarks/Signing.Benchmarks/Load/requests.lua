-- Sends each of the requests in a file once, in their order. Each stands behind its length in eight digits.
local requests, sent = {}, 0

function setup(thread)
  sender = thread
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local length = file:read(8)
    if not length then break end
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
  count = #requests
end

function request()
  sent = sent + 1
  asked = sent
  return requests[(sent - 1) % count + 1]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("RESULT %d %d %d %d %d %d %d", summary.requests, summary.duration,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout, sender:get("asked"), sender:get("count"), latency:percentile(99)))
end
