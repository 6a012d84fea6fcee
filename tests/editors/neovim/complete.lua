-- Ctrl-X Ctrl-O offers fields that fit first, functions, words, and values; what is taken stands there.
return function(t)
  t.file('a.calc', 'new.amountSpent >= \nAND new.currency == "GBP" OR new.currency == ""\n')
  t.set({eventType = 'configuration.commitment.created'})
  t.start()
  t.open('a.calc')

  t.type('A')
  local menu = t.menu('nothing typed')
  t.same(menu[1]:match('^new%.') ~= nil, true, 'a field comes first: ' .. menu[1])
  t.type('<C-e><Esc>')

  t.type('Anew.am')
  menu = t.menu('a field')
  t.same(vim.tbl_contains(menu, 'new.amount'), true, 'new.amount is offered')
  t.take(menu, 'new.amount')
  t.type(' * 0.9<Esc>')
  t.wait(t.text, 'new.amountSpent >= new.amount * 0.9\nAND new.currency == "GBP" OR new.currency == ""', 'a field')

  t.go('== ""')
  t.go('""', true)
  t.type('i')
  menu = t.menu('a value')
  t.same(vim.tbl_contains(menu, 'GBP') or vim.tbl_contains(menu, '"GBP"'), true, 'the value seen before: ' .. vim.inspect(menu))
  t.take(menu, vim.tbl_contains(menu, 'GBP') and 'GBP' or '"GBP"')
  t.type('<Esc>')
  t.wait(t.text, 'new.amountSpent >= new.amount * 0.9\nAND new.currency == "GBP" OR new.currency == "GBP"', 'a value')

  -- Neovim itself leaves out what does not begin with what was typed.
  t.put('Math.ro')
  t.type('A')
  menu = t.menu('a function')
  t.same(#menu, 1, 'one function')
  t.take(menu, menu[1])
  t.type('<Esc>')
  t.has(t.text(), 'Math.round', 'a function')
end
