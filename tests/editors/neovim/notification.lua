-- Inside a Notification's string: places and edits go through the escapes of JSON, in the UTF-16
-- positions that Neovim counts in.
local before = '{\n  "name": "𝄞 \\u00e9",\n  "eventName": "configuration.commitment.created",\n  "calculation": "'
local behind = '",\n  "code": "x"\n}'

return function(t)
  t.file('n.json', before .. 'new.name != \\"𝄞\\uD834\\uDD1E\\" AND new.curency == \\"EUR\\"\\nAND new.amount => 5' .. behind)
  t.file('other.json', '{"calculation": 5, "name": "not a Notification at all"}')
  t.start()
  t.open('n.json')
  t.wait(function()
    return vim.tbl_filter(function(line) return not line:find('warning') end, t.diagnostics())
  end, {'4:59 error unknown-field new.curency', '4:97 error undocumented-operator =>'}, 'diagnostics')

  t.go('new.curency')
  t.code_action(t.only(t.titles(), 'new.currency'))
  t.wait(t.text, before .. 'new.name != \\"𝄞\\uD834\\uDD1E\\" AND new.currency == \\"EUR\\"\\nAND new.amount => 5' .. behind, 'fixed')
  t.go('=>')
  t.type('2s>=<Esc>')

  -- A value with quotes in it keeps them escaped.
  t.go(' => 5', true)
  t.go('>= 5', true)
  t.type('a AND new.currency == <Esc>')
  t.type('a')
  local menu = t.menu()
  local value = t.only(menu, 'EUR')
  t.take(menu, value)
  t.type('<Esc>')
  t.wait(t.text, before .. 'new.name != \\"𝄞\\uD834\\uDD1E\\" AND new.currency == \\"EUR\\"\\nAND new.amount >= 5 AND new.currency == \\"EUR\\"' .. behind, 'completed')

  t.lua('vim.lsp.buf.formatting_sync({}, 20000)')
  local calculation = t.lua('return vim.fn.json_decode(vim.api.nvim_buf_get_lines(0, 0, -1, true)).calculation')
  t.same(calculation, 'new.name != "𝄞𝄞"\nAND new.currency == "EUR"\nAND new.amount >= 5\nAND new.currency == "EUR"', 'laid out, as JSON')
  t.has(t.text(), before, 'nothing else is touched')
  t.has(t.text(), behind, 'nothing else is touched')

  t.open('other.json')
  t.same(t.request('textDocument/documentSymbol') or {}, {}, 'a file without calculations')
  t.same(t.diagnostics(), {}, 'nothing is wrong with other JSON')
end
