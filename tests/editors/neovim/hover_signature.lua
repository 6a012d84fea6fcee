-- What stands under the cursor, and the arguments of the call that is being typed.
return function(t)
  t.file('a.calc', 'new.amount > 5 AND Math.round(new.amountSpent, 2) > 1')
  t.set({eventType = 'configuration.commitment.created'})
  t.start()
  t.open('a.calc')

  -- A window of its own, as K would open it.
  local function float()
    return t.wait_for(function()
      return t.lua([[
        for _, window in ipairs(vim.api.nvim_list_wins()) do
          if vim.api.nvim_win_get_config(window).relative ~= '' then
            local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true), '\n')
            vim.api.nvim_win_close(window, true)
            return text
          end
        end
      ]])
    end, 'a window')
  end

  t.go('new.amount')
  t.lua('vim.lsp.buf.hover()')
  local text = float()
  t.has(text, 'Number', 'the type of a field')
  t.has(text, 'published', 'where it is known from')
  t.go('Math.round')
  t.lua('vim.lsp.buf.hover()')
  t.has(float(), 'Math.round(number[, scale])', 'a function')

  for place, active in pairs({['(new.amountSpent'] = 0, [', 2'] = 1}) do
    t.go(place, true)
    local help = t.request('textDocument/signatureHelp')
    t.same(help.signatures[1].label, 'Math.round(number[, scale])', 'the signature')
    t.same(help.activeParameter or help.signatures[1].activeParameter, active, 'the argument at ' .. place)
  end
  t.lua('vim.lsp.buf.signature_help()')
  t.has(float(), 'Math.round(number[, scale])', 'shown while typing')
  t.go('> 5')
  t.same(t.request('textDocument/signatureHelp'), nil, 'outside of calls')
end
