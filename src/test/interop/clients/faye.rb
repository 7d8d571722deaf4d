# Ruby's faye-websocket on EventMachine.
require 'eventmachine'
require 'faye/websocket'

$stdout.sync = true
Encoding.default_external = Encoding::UTF_8
version = Gem.loaded_specs['faye-websocket']&.version || Gem::Specification.find_by_name('faye-websocket').version

# Orders from standard input, which EventMachine cuts into pieces as they come.
module Orders
  include EM::Protocols::LineText2

  def receive_line(line)
    order, rest = line.dup.force_encoding(Encoding::UTF_8).split(' ', 2)
    case order
    when 'open' then start(*rest.split(' '))
    when 'text' then @socket.send(rest)
    when 'binary' then @socket.send([rest].pack('H*').bytes)
    when 'close'
      code, reason = rest.split(' ', 2)
      @socket.close(code.to_i, reason)
    end
  rescue StandardError => e
    puts "error #{e.inspect}"
  end

  def start(url, subprotocol)
    @socket = Faye::WebSocket::Client.new(url, [subprotocol])
    @socket.on(:open) { |e| puts "open #{e.target.protocol}" }
    @socket.on(:message) do |e|
      puts e.data.is_a?(String) ? "text #{e.data}" : "binary #{e.data.pack('C*').unpack1('H*')}"
    end
    @socket.on(:close) { |e| puts "closed #{e.code} #{e.reason}" }
    @socket.on(:error) { |e| puts "error #{e.message}" }
  end

  def unbind
    EM.stop
  end
end

puts "version #{version}"
EM.run { EM.attach($stdin, Orders) }
