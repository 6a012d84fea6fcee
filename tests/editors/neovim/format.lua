-- The canonical layout; what cannot be read stays as it is.
return function(t)
  t.file('a.calc', 'new.amountSpent>=new.amount*0.9 AND(new.currency=="USD" OR new.currency=="EUR")AND((new.amountSpent<new.amount*0.9))')
  t.set({eventType = 'configuration.commitment.created'})
  t.start()
  t.open('a.calc')
  local format = 'vim.lsp.buf.formatting_sync({}, 20000)'
  t.lua(format)
  local laid_out = 'new.amountSpent >= new.amount * 0.9\n' ..
    'AND (new.currency == "USD" OR new.currency == "EUR")\nAND (new.amountSpent < new.amount * 0.9)'
  t.same(t.text(), laid_out, 'laid out')
  t.lua(format)
  t.same(t.text(), laid_out, 'again')
  t.put('new.amount>  (5')
  t.lua(format)
  t.same(t.text(), 'new.amount>  (5', 'what cannot be read')
end
