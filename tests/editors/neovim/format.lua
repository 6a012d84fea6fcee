-- The canonical layout, with the line break that ends a file; what cannot be read stays as it is.
local written = 'new.amountSpent>=new.amount*0.9 AND(new.currency=="USD" OR new.currency=="EUR")AND((old.amountSpent<new.amount))'
local laid_out = 'new.amountSpent >= new.amount * 0.9\n' ..
  'AND (new.currency == "USD" OR new.currency == "EUR")\nAND (old.amountSpent < new.amount)'

return function(t)
  t.file('a.calc', written .. '\n')
  t.file('open.calc', written) -- without a line break at its end
  t.start()
  for name, expected in pairs({['a.calc'] = laid_out, ['open.calc'] = laid_out .. '\n'}) do
    t.open(name)
    for _, what in ipairs({'laid out', 'again'}) do
      t.lua('vim.lsp.buf.formatting_sync({}, 20000)')
      t.same(t.text(), expected, name .. ' ' .. what)
    end
  end
  t.put('new.amount>  (5')
  t.lua('vim.lsp.buf.formatting_sync({}, 20000)')
  t.same(t.text(), 'new.amount>  (5', 'what cannot be read')
end
