-- Runs a scenario in a real Neovim: this one types, and a second one, which has nothing but the
-- configuration that users copy, is typed into.
--
--   nvim --headless --clean -u NONE -n -c 'luafile neovim.lua'    in a folder of its own
--
-- The environment names the SCENARIO, the CONFIG and the program EVCALC. A scenario gets the table
-- below. Everything is waited for with a limit; nothing sleeps. Exit status: 0, or 1 with what was
-- expected and what there was.

local t = {}

local LIMIT = 20000 -- milliseconds, for sanitizers on a busy machine

local child -- the channel of the other Neovim
local folder = vim.fn.tempname()
local settings = vim.empty_dict()

local function show(value) return type(value) == 'string' and value or vim.inspect(value) end

local function fail(what) error({failure = what}, 0) end

--- Both must be the same, tables in all they hold.
function t.same(got, expected, what)
  if vim.deep_equal(got, expected) then return end
  fail(what .. '\n  expected: ' .. show(expected) .. '\n  got:      ' .. show(got))
end

function t.has(text, piece, what)
  if type(text) == 'string' and text:find(piece, 1, true) then return end
  fail(what .. '\n  expected in it: ' .. piece .. '\n  got:            ' .. show(text))
end

--- Run Lua in the other Neovim; ... are its arguments.
function t.lua(code, ...) return vim.rpcrequest(child, 'nvim_exec_lua', code, {...}) end

--- Type, as a person does: '<Esc>' and the like are keys.
function t.type(keys) vim.rpcrequest(child, 'nvim_input', keys) end

--- Wait until `look` gives what is expected.
function t.wait(look, expected, what)
  local got
  local reached = vim.wait(LIMIT, function()
    got = look()
    return vim.deep_equal(got, expected)
  end, 10)
  if not reached then fail(what .. ', waited for\n  expected: ' .. show(expected) .. '\n  got:      ' .. show(got)) end
end

--- Wait until `look` gives something, and return it.
function t.wait_for(look, what)
  local got
  if not vim.wait(LIMIT, function()
    got = look()
    return got and got ~= vim.NIL
  end, 10) then fail('waited in vain: ' .. what) end
  return got
end

--- Files of the folder that is edited in.
function t.file(name, text)
  local path = folder .. '/' .. name
  vim.fn.mkdir(vim.fn.fnamemodify(path, ':h'), 'p')
  local file = assert(io.open(path, 'wb'))
  file:write(text)
  file:close()
  return path
end

--- What vim.g.evcalc.settings says, before the start.
function t.set(of) settings = of end

function t.text() return table.concat(vim.rpcrequest(child, 'nvim_buf_get_lines', 0, 0, -1, true), '\n') end

--- Replace the whole text at once.
function t.put(text)
  vim.rpcrequest(child, 'nvim_buf_set_lines', 0, 0, -1, true, vim.split(text, '\n', {plain = true}))
end

--- Put the cursor on the first character of the first such piece of the text; or behind it.
function t.go(piece, behind)
  local text = t.text()
  local first, last = text:find(piece, 1, true)
  if not first then fail('there is no ' .. piece .. ' in\n' .. text) end
  local offset = behind and last or first - 1
  local _, line = text:sub(1, offset):gsub('\n', '')
  local column = #text:sub(1, offset):match('[^\n]*$')
  vim.rpcrequest(child, 'nvim_win_set_cursor', 0, {line + 1, column})
end

--- The diagnostics of the buffer, each as `line:column severity code piece of the text`.
function t.diagnostics()
  return t.lua([[
    local lines = {}
    for _, d in ipairs(vim.diagnostic.get(0)) do
      -- The text may be shorter by now.
      local there, text = pcall(vim.api.nvim_buf_get_text, 0, d.lnum, d.col, d.end_lnum, d.end_col, {})
      local code = d.code or (d.user_data and d.user_data.lsp and d.user_data.lsp.code)
      table.insert(lines, string.format('%d:%d %s %s %s', d.lnum + 1, d.col + 1,
        vim.diagnostic.severity[d.severity]:lower(), code, there and table.concat(text, '\n') or '(gone)'))
    end
    table.sort(lines)
    return lines
  ]])
end

function t.wait_diagnostics(expected, what)
  table.sort(expected)
  t.wait(t.diagnostics, expected, what or 'diagnostics')
end

--- Ask the server as the built-in client does for a position at the cursor; `extra` is added to the params.
function t.request(method, extra)
  local answer = t.lua([[
    local method, extra = ...
    local params = vim.lsp.util.make_position_params()
    for key, value in pairs(extra or {}) do params[key] = value end
    local all, why = vim.lsp.buf_request_sync(0, method, params, 20000)
    for _, one in pairs(all or {}) do return one end
    return {error = {message = why or 'no answer'}}
  ]], method, extra)
  if answer.error then fail(method .. ': ' .. show(answer.error)) end
  return answer.result
end

--- The titles of the code actions at the cursor.
function t.titles()
  local actions = t.lua([[
    local params = vim.lsp.util.make_range_params()
    params.context = {diagnostics = vim.lsp.diagnostic.get_line_diagnostics()}
    local all = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 20000)
    for _, one in pairs(all or {}) do return one.result or {} end
  ]])
  return vim.tbl_map(function(action) return action.title end, actions)
end

--- The one of the texts that a pattern is found in.
function t.only(texts, pattern)
  local found = vim.tbl_filter(function(text) return text:find(pattern) ~= nil end, texts)
  if #found ~= 1 then fail('one with ' .. pattern .. ' is expected in\n' .. show(texts)) end
  return found[1]
end

--- Take the code action with this title, of those that the server has at the cursor.
function t.code_action(title)
  t.lua([[
    local title = ...
    vim.g.offered = nil
    vim.ui.select = function(items, _, choose)
      local titles, chosen = {}, nil
      for _, item in ipairs(items) do
        local action = item[2] or item.action
        table.insert(titles, action.title)
        if action.title == title then chosen = item end
      end
      vim.g.offered = titles
      choose(chosen)
    end
    vim.lsp.buf.code_action()
  ]], title)
  local offered = t.wait_for(function() return t.lua('return vim.g.offered') end, 'code actions')
  if not vim.tbl_contains(offered, title) then
    fail('a code action is missing\n  expected: ' .. title .. '\n  got:      ' .. show(offered))
  end
end

--- The words of the completion menu that Ctrl-X Ctrl-O opens after typing.
function t.menu(what)
  t.type('<C-x><C-o>')
  return t.wait_for(function()
    local info = t.lua('return vim.fn.complete_info({"pum_visible", "items"})')
    return info.pum_visible == 1 and vim.tbl_map(function(item) return item.word end, info.items)
  end, 'the completion menu for ' .. what)
end

--- Go on from the menu to the item and take it.
function t.take(menu, word)
  for at, offered in ipairs(menu) do
    if offered == word then
      t.type(('<C-n>'):rep(at - 1) .. '<C-y>')
      t.wait(function() return t.lua('return vim.fn.pumvisible()') end, 0, 'the menu closes')
      return
    end
  end
  fail('not in the menu: ' .. word .. '\n  ' .. table.concat(menu, '\n  '))
end

--- Open a file and wait until the server has it.
function t.open(name)
  vim.rpcrequest(child, 'nvim_command', 'edit ' .. vim.fn.fnameescape(folder .. '/' .. name))
  t.wait_for(t.client, 'the server has ' .. name)
end

--- The id of the server's client on this buffer, once it has answered.
function t.client()
  return t.lua([[
    for id, client in pairs(vim.lsp.buf_get_clients(0)) do
      if client.name == 'evcalc' and client.initialized then return id end
    end
  ]])
end

--- The exit statuses of the servers that have ended.
function t.statuses()
  local file = io.open(folder .. '/statuses', 'r')
  if not file then return {} end
  local lines = vim.split(vim.trim(file:read('*a')), '\n', {plain = true})
  file:close()
  return lines
end

--- Start the other Neovim: with the configuration that users copy, and a program in between that
--- keeps the server's exit status.
function t.start()
  local program = t.file('evcalc', table.concat({
    '#!/bin/sh',
    '"$EVCALC" "$@" 2>> "' .. folder .. '/errors"',
    'echo $? >> "' .. folder .. '/statuses"', ''}, '\n'))
  vim.fn.setfperm(program, 'rwx------')
  vim.fn.mkdir(folder .. '/.git', 'p')
  child = vim.fn.jobstart({
    vim.v.progpath, '--embed', '--headless', '--clean', '-n',
    '--cmd', 'set completeopt=menuone', -- so that one item, too, is shown and not just taken
    '--cmd', 'let g:evcalc = json_decode($EVCALC_SET)', '-u', vim.env.CONFIG,
  }, {rpc = true, cwd = folder, env = {EVCALC_SET = vim.fn.json_encode({path = program, settings = settings})}})
  if child <= 0 then fail('Neovim did not start') end
end

--- Leave the other Neovim; every server must then have ended well. `servers` is their number.
function t.quit(servers)
  vim.rpcnotify(child, 'nvim_command', 'qa!')
  if vim.fn.jobwait({child}, LIMIT)[1] ~= 0 then fail('Neovim did not end well') end
  child = nil
  local expected = {}
  for _ = 1, servers or 1 do table.insert(expected, '0') end
  t.wait(t.statuses, expected, 'the exit statuses of the servers')
end

local function run()
  if vim.fn.executable(vim.env.EVCALC or '') == 0 then fail('EVCALC names no program') end
  local scenario = dofile(vim.env.SCENARIO)
  scenario(t)
  if child then t.quit() end
end

local well, problem = xpcall(run, function(caught)
  return type(caught) == 'table' and caught or {failure = debug.traceback(tostring(caught))}
end)
if child then
  local messages, last = pcall(t.lua, 'return vim.api.nvim_exec("messages", true)')
  if messages and not well and last ~= '' then io.stdout:write('Neovim said:\n', last, '\n') end
  vim.fn.jobstop(child)
end
if not well then
  io.stdout:write(problem.failure, '\n')
  local errors = io.open(folder .. '/errors')
  if errors then io.stdout:write(errors:read('*a')) end
end
vim.fn.delete(folder, 'rf')
vim.cmd(well and 'qa!' or 'cquit 1')
