-- Inside a Notification's string: places and edits go through the escapes of JSON, in the UTF-16
-- positions that Neovim counts in.
local before = '{\n  "name": "𝄞 \\u00e9",\n  "eventName": "configuration.commitment.created",\n  "calculation": "'
local behind = '",\n  "code": "x"\n}'

return function(t)
  t.file('n.json', before .. 'new.currency != \\"𝄞\\uD834\\uDD1E\\" AND new.curency == \\"EUR\\"\\nAND new.amount => 5' .. behind)
  t.file('other.json', '{"name": "not a Notification", "scripts": {"check": "new.amount =>"}}\n')
  t.start()
  t.open('n.json')
  t.wait(function()
    return vim.tbl_filter(function(line) return not line:find('warning') end, t.diagnostics())
  end, {'4:60 error unknown-field new.curency', '4:99 error undocumented-operator =>'}, 'diagnostics')

  t.go('new.curency')
  t.code_action(t.only(t.titles(), 'new.currency'))
  t.wait(t.text, before .. 'new.currency != \\"𝄞\\uD834\\uDD1E\\" AND new.currency == \\"EUR\\"\\nAND new.amount => 5' .. behind, 'fixed')
  t.go('=>')
  t.type('2s>=<Esc>')

  -- A value with quotes in it keeps them escaped.
  t.go('amount >= 5')
  t.type('f5a AND new.currency == ')
  local menu = t.menu('a value')
  local value = t.only(menu, 'EUR')
  t.take(menu, value)
  t.type('<Esc>')
  t.wait(t.text, before .. 'new.currency != \\"𝄞\\uD834\\uDD1E\\" AND new.currency == \\"EUR\\"\\nAND new.amount >= 5 AND new.currency == \\"EUR\\"' .. behind, 'completed')

  t.lua('vim.lsp.buf.formatting_sync({}, 20000)')
  local calculation = t.lua('return vim.fn.json_decode(vim.api.nvim_buf_get_lines(0, 0, -1, true)).calculation')
  t.same(calculation, 'new.currency != "𝄞𝄞"\nAND new.currency == "EUR"\nAND new.amount >= 5\nAND new.currency == "EUR"', 'laid out, as JSON')
  t.has(t.text(), before, 'nothing else is touched')
  t.has(t.text(), behind, 'nothing else is touched')

  t.open('other.json')
  t.same(t.request('textDocument/documentSymbol') or {}, {}, 'a file without calculations')
  t.same(t.diagnostics(), {}, 'nothing is wrong with other JSON')
end
