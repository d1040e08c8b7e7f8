/** The script that applies a step in Redis, Valkey and their clusters. */

/*
 * A scope is a hash of fields "count stamp". The stamp is the window's end in µs of the server's clock, or
 * minus its beginning where it never ends; it is the window's identity, by which it is given back.
 * A record is kept in the hash of its scope: "!" holds until when it is open, how many steps stand under it, and
 * which one opened it; "!step" holds "k n", for n takes in the fields "!k.1" to "!k.n", or "x" where it is undone. A take
 * names its window by the last digits of its stamp. All is short, for Redis keeps a hash with a value of more
 * than 64 bytes in twice the memory.
 * Everything is read before the first write: a step that meets OOM or READONLY has applied nothing.
 *
 * KEYS: the scopes. ARGV: length of the first scope's name, id, place of the record's scope, mode, life;
 * then six for each entry: what, place of the scope, field, max, window, share.
 */
export const SCRIPT = `
local call, find, match, sub, format = redis.call, string.find, string.match, string.sub, string.format
local time = call('TIME')
local now = time[1] * 1000000 + time[2]
local id, record, mode, life = ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
-- A client may put a prefix of its own in front of KEYS; what a record names goes without it.
local prefix = sub(KEYS[1], 1, #KEYS[1] - ARGV[1])

local function read(value)
  if not value then return 0, 0 end
  local count, stamp = match(value, '^(%d+) (%S+)$')
  stamp = tonumber(stamp)
  if stamp > 0 and stamp <= now then return 0, 0 end
  return tonumber(count), stamp
end
local function text(count, stamp) return format('%.0f %.0f', count, stamp) end
local function windowOf(stamp) return sub(format('%.0f', stamp), -10) end
local function stampOf(window)
  if window == 0 then return -now end
  return now + window * 1000
end
local function wait(count, stamp)
  if stamp > 0 then return math.ceil((stamp - now) / 1000) end
  return count > 0 and -1 or 0
end
-- A hash lives as long as the last of its windows, and without end beside an endless one.
local function endAt(key, stamp) call('PEXPIREAT', key, format('%.0f', math.ceil(stamp / 1000))) end
local function keep(key, left, stamp)
  if stamp == math.huge then call('PERSIST', key)
  elseif left == -2 or (left >= 0 and now + left * 1000 < stamp) then endAt(key, stamp) end
end
local function remove(key, field, stamp)
  call('HDEL', key, field)
  if stamp >= 0 then return end
  local last, all = 0, call('HGETALL', key)
  for i = 1, #all, 2 do
    local found = now + life * 1000
    if sub(all[i], 1, 1) ~= '!' then found = tonumber(match(all[i + 1], '%S+$')) end
    if found < 0 then return end
    last = math.max(last, found)
  end
  if last > 0 then endAt(key, last) end
end
local function giveBack(taken)
  local scope, field, window = match(taken, '^.(%S+) (%S+) (%S+)$')
  local count, found = read(call('HGET', prefix .. scope, field))
  if count == 0 or windowOf(found) ~= window then return end
  if count == 1 then remove(prefix .. scope, field, found)
  else call('HSET', prefix .. scope, field, text(count - 1, found)) end
end

local entries, wanted = {}, {}
local function want(scope, field)
  local fields = wanted[scope]
  if not fields then fields = {} wanted[scope] = fields end
  local at = #fields + 1
  fields[at] = field
  return at
end
for i = 6, #ARGV, 6 do
  local op, scope, at = sub(ARGV[i], 1, 1), tonumber(ARGV[i + 1]), 0
  if op ~= 'G' and op ~= 'U' then at = want(scope, ARGV[i + 2]) end
  entries[#entries + 1] = { op = op, kind = ARGV[i], scope = scope, field = ARGV[i + 2], at = at, count = 0, stamp = 0,
    max = tonumber(ARGV[i + 3]), window = tonumber(ARGV[i + 4]), share = tonumber(ARGV[i + 5]) }
end
local open = record > 0 and want(record, '!')
local own = record > 0 and want(record, '!' .. id)
local found, left = {}, {}
for scope, fields in pairs(wanted) do found[scope] = call('HMGET', KEYS[scope], unpack(fields)) end

local status, isOpen = 'ok', false
local openUntil, steps, opener
if record > 0 then
  local mine = found[record][own]
  openUntil, steps, opener = match(found[record][open] or '0 0 -', '^(%S+) (%S+) (%S+)$')
  steps, isOpen = steps + 1, tonumber(openUntil) > now
  if mine == 'x' then return { 'undone' } end
  if mine then status = 'again' elseif mode == 'need' and not isOpen then return { 'gone' } end
end

local isProved, isFull = false, false
for _, entry in ipairs(entries) do
  if entry.at > 0 then entry.count, entry.stamp = read(found[entry.scope][entry.at]) end
  if entry.op == 'Q' and entry.count > 0 then isProved = true end
end
local answer = { status }
for i, entry in ipairs(entries) do
  local max = entry.max
  if entry.op == 'T' and not isProved then max = entry.share end
  local full = (entry.op == 'T' or entry.op == 'C') and entry.count >= max
  if full and not find(entry.kind, '~', 1, true) then isFull = true end
  answer[i * 3 - 1], answer[i * 3], answer[i * 3 + 1] = entry.count, wait(entry.count, entry.stamp), full and 1 or 0
end
if status == 'again' then return answer end
if isFull then answer[1] = 'full' return answer end

local writes, ends, taken = {}, {}, 0
local function write(scope, field, value, stamp)
  local list = writes[scope]
  if not list then list = {} writes[scope] = list ends[scope] = 0 end
  local at = #list
  list[at + 1], list[at + 2] = field, value
  if stamp < 0 then stamp = math.huge end
  if stamp > ends[scope] then ends[scope] = stamp end
end
for i, entry in ipairs(entries) do
  local op, count, stamp = entry.op, entry.count, entry.stamp
  if op == 'T' or op == 'N' then
    if stamp == 0 then stamp = stampOf(entry.window) end
    write(entry.scope, entry.field, text(count + 1, stamp), stamp)
    answer[i * 3 - 1], answer[i * 3] = count + 1, wait(count + 1, stamp)
    if op == 'T' and record > 0 then
      taken = taken + 1
      local name = sub(KEYS[entry.scope], #prefix + 1) .. ' ' .. entry.field
      local value = (find(entry.kind, '+', 1, true) and '+' or '-') .. name .. ' ' .. windowOf(stamp)
      write(record, '!' .. steps .. '.' .. taken, value, 0)
    end
  elseif op == 'S' then
    local longer = stampOf(entry.window)
    if stamp < 0 or (longer > 0 and longer < stamp) then longer = stamp end
    write(entry.scope, entry.field, text(math.max(count, entry.max), longer), longer)
  end
end
if record > 0 then
  local last = now + life * 1000
  if mode == 'open' and not isOpen then openUntil, opener = format('%.0f', last), id end
  write(record, '!', openUntil .. ' ' .. steps .. ' ' .. opener, 0)
  write(record, '!' .. id, steps .. ' ' .. taken, last)
end
for scope in pairs(writes) do left[scope] = call('PTTL', KEYS[scope]) end

for _, entry in ipairs(entries) do
  local key = KEYS[entry.scope]
  if entry.op == 'G' then
    local all = call('HGETALL', key)
    for i = 1, #all, 2 do
      if sub(all[i], 1, 1) == '!' and sub(all[i + 1], 1, 1) == '+' then
        giveBack(all[i + 1])
        call('HDEL', key, all[i])
      end
    end
  elseif entry.op == 'U' then
    local step = '!' .. entry.field
    local mine, opened = unpack(call('HMGET', key, step, '!'))
    local k, n = match(mine or '', '^(%d+) (%d+)$')
    for i = 1, n or 0 do
      local field = '!' .. k .. '.' .. i
      local value = call('HGET', key, field)
      if value then giveBack(value) call('HDEL', key, field) end
    end
    local stood, by = match(opened or '', '(%d+) (%S+)$')
    if by == entry.field then call('HSET', key, '!', '0 ' .. stood .. ' -') end
    -- A step that comes after its undoing finds this.
    local rest = call('PTTL', key)
    call('HSET', key, step, 'x')
    keep(key, rest, now + entry.window * 1000)
  elseif entry.op == 'X' or entry.kind == 'Cx' then
    if entry.count > 0 then remove(key, entry.field, entry.stamp) end
  end
end
for scope, list in pairs(writes) do
  call('HSET', KEYS[scope], unpack(list))
  keep(KEYS[scope], left[scope], ends[scope])
end
return answer
`;
