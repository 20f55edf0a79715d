"""What one lesson and its exercises share: an experiment's data, its networks, its sentences.

xor        the corners that no linear layer tells apart (lesson 08)
descent    gradient descent on the weights of one layer (lesson 07)
reduction  channels of a satellite scene, and what is lost with them (lessons 06 and 06b)
claims     the article's sentences, and what the lessons say of them (lessons 13 and 13b)
contest    networks at equal cost, trained and compared (lesson 13b)
"""
