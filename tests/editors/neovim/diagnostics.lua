-- What is wrong is told while it is typed, at its place, and goes when it is mended.
return function(t)
  t.file('used.calc', 'new.amountSpend => new.amount * 0.9\nAND currency == "EUR"\n')
  t.set({eventTypes = {['*.calc'] = 'configuration.commitment.created'}})
  t.start()
  t.open('used.calc')
  t.wait_diagnostics({
    '1:1 error unknown-field new.amountSpend',
    '1:17 error undocumented-operator =>',
    '2:5 error unknown-field currency',
  })
  local first = t.lua('return vim.diagnostic.get(0, {lnum = 0})[1]')
  t.has(first.message, 'amountSpen', 'the message')
  t.same(first.source, 'evcalc', 'the source')

  t.go('amountSpend')
  t.type('cwamountSpent<Esc>')
  t.go('=>')
  t.type('2s>=<Esc>')
  t.wait_diagnostics({'2:5 error unknown-field currency'}, 'two are mended')
  t.go('currency')
  t.type('inew.<Esc>')
  t.wait_diagnostics({}, 'all is well')
  t.type('Go// done<Esc>')
  t.wait_diagnostics({'3:1 error comment // done'}, 'a line later')
  t.type('u')
  t.wait_diagnostics({}, 'taken back')
  t.type('ggVGd')
  t.wait_diagnostics({'1:1 error calculation-missing '}, 'an empty file')
end
