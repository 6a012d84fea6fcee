-- evcalc in Neovim, 0.7 or later. Copy this file to ~/.config/nvim/plugin/evcalc.lua. Where evcalc is
-- not on the PATH, or to set more, put this into ~/.config/nvim/init.lua; all of it may be left out:
--
--   vim.g.evcalc = {
--     path = '/opt/evcalc/bin/evcalc',
--     settings = {
--       eventTypes = {['commitments/**/*.calc'] = 'configuration.commitment.updated'},
--       eventType = 'billing.bill.created',     -- of all other calculations
--       fields = {'fields.json'},               -- field lists as m3ter's API returns them
--       allow = {'derived-fields'},             -- warnings not to show
--       deny = {'warnings'},                    -- … and those that are errors
--     },
--   }
--
-- Where several globs match a file, the longest one counts. Paths and globs are relative to the folder
-- with .git above the file, or else to the file's own. Calculations are files *.calc, and the strings
-- "calculation" in Notification files, which are JSON.
-- :EvcalcRestart starts the server again, with what vim.g.evcalc says then.

local clients = {} -- by folder; Neovim 0.7 does not look for one itself
local told = false

local function folder_of(file)
  local here = vim.fn.fnamemodify(file, ':p:h')
  local git = vim.fn.finddir('.git', vim.fn.escape(here, ' ,;') .. ';')
  return git == '' and here or vim.fn.fnamemodify(git, ':p:h:h')
end

local function attach(buffer)
  local set = vim.g.evcalc or {}
  local path = set.path or 'evcalc'
  if vim.fn.executable(path) == 0 then
    if not told and vim.bo[buffer].filetype == 'm3ter-calculation' then
      told = true
      vim.notify(
        'Calculations are not checked: there is no program ' .. path ..
          '. Install evcalc, or say in vim.g.evcalc.path where it is.',
        vim.log.levels.WARN)
    end
    return
  end
  local folder = folder_of(vim.api.nvim_buf_get_name(buffer))
  local settings = set.settings or vim.empty_dict()
  local config = {
    name = 'evcalc',
    cmd = {path, 'lsp'},
    root_dir = folder,
    init_options = settings,
    settings = {evcalc = settings},
  }
  if vim.lsp.start then
    vim.lsp.start(config, {bufnr = buffer})
  else
    config.workspace_folders = {{uri = vim.uri_from_fname(folder), name = folder}}
    local id = clients[folder]
    if not id or not vim.lsp.get_client_by_id(id) then
      id = vim.lsp.start_client(config)
      clients[folder] = id
    end
    vim.lsp.buf_attach_client(buffer, id)
    vim.bo[buffer].omnifunc = 'v:lua.vim.lsp.omnifunc' -- Ctrl-X Ctrl-O completes
  end
end

local function is_ours(buffer)
  local kind = vim.bo[buffer].filetype
  return vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].buftype == '' and
    (kind == 'm3ter-calculation' or kind == 'json')
end

local group = vim.api.nvim_create_augroup('evcalc', {clear = true})
vim.api.nvim_create_autocmd({'BufRead', 'BufNewFile'}, {
  group = group,
  pattern = '*.calc',
  callback = function(event)
    vim.bo[event and event.buf or 0].filetype = 'm3ter-calculation'
  end,
})
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = {'m3ter-calculation', 'json'},
  callback = function(event)
    local buffer = event and event.buf or vim.api.nvim_get_current_buf()
    if is_ours(buffer) then attach(buffer) end
  end,
})

vim.api.nvim_create_user_command('EvcalcRestart', function()
  local running = vim.tbl_filter(function(client) return client.name == 'evcalc' end,
    (vim.lsp.get_clients or vim.lsp.get_active_clients)())
  vim.lsp.stop_client(running)
  clients, told = {}, false
  vim.wait(2000, function()
    return #vim.tbl_filter(function(client) return vim.lsp.get_client_by_id(client.id) ~= nil end, running) == 0
  end, 10)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if is_ours(buffer) then attach(buffer) end
  end
end, {desc = 'Start the language server of evcalc again'})
