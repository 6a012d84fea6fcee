-- Outline, colours and growing selections.
return function(t)
  t.file('a.calc', 'new.amount > 5\nAND (new.currency == "USD" OR isnull(new.amountSpent, 0) < 2)\n')
  t.set({eventType = 'configuration.commitment.created'})
  t.start()
  t.open('a.calc')

  local symbols = t.request('textDocument/documentSymbol')
  local names = vim.tbl_map(function(symbol) return symbol.name end, symbols)
  t.same(names[1], 'new.amount > 5', 'the first condition')
  t.same(#names, 2, 'two conditions are joined')
  t.same(vim.tbl_map(function(symbol) return symbol.name end, symbols[2].children),
    {'new.currency == "USD"', 'isnull(new.amountSpent, 0) < 2'}, 'what OR joins')

  local legend = t.lua([[
    for _, client in pairs(vim.lsp.buf_get_clients(0)) do
      return client.server_capabilities.semanticTokensProvider.legend
    end
  ]])
  local data, lines, line, column, seen = t.request('textDocument/semanticTokens/full').data, {}, 0, 0, {}
  for text in vim.gsplit(t.text(), '\n', true) do table.insert(lines, text) end
  for at = 1, #data, 5 do
    column = data[at] == 0 and column + data[at + 1] or data[at + 1]
    line = line + data[at]
    local text = lines[line + 1]:sub(column + 1, column + data[at + 2])
    seen[text] = legend.tokenTypes[data[at + 3] + 1]
  end
  t.same(seen['new.amount'], 'property', 'a field')
  t.same(seen['AND'], 'keyword', 'a word')
  t.same(seen['isnull'], 'function', 'a function')
  t.same(seen['"USD"'], 'string', 'a string')
  t.same(seen['5'], 'number', 'a number')
  t.same(seen['>'], 'operator', 'an operator')

  local params = {positions = {{line = 1, character = 6}}}
  local range, texts = t.request('textDocument/selectionRange', params)[1], {}
  while range do
    local from, to = range.range.start, range.range['end']
    table.insert(texts, from.line == to.line and lines[from.line + 1]:sub(from.character + 1, to.character) or 'all')
    range = range.parent
  end
  t.same(texts[1], 'new.currency', 'the word')
  t.same(texts[2], 'new.currency == "USD"', 'the condition')
  t.same(texts[#texts], 'all', 'everything')
end
